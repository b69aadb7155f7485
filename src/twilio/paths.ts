/** Where Twilio finds us. */
export const paths = {
  voice: '/twilio/voice',
  media: '/twilio/media',
  streamEnded: '/twilio/stream-ended',
  streamStatus: '/twilio/stream-status',
  dialEnded: '/twilio/dial-ended',
  callee: '/twilio/callee',
  voicemailEnded: '/twilio/voicemail-ended',
  recording: '/twilio/recording',
  status: '/twilio/status',
} as const;
