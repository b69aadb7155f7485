/** Where Twilio finds us. */
export const paths = {
  voice: '/twilio/voice',
  media: '/twilio/media',
  streamEnded: '/twilio/stream-ended',
  dialEnded: '/twilio/dial-ended',
  voicemailEnded: '/twilio/voicemail-ended',
  recording: '/twilio/recording',
  status: '/twilio/status',
} as const;
