const callbacks = 'statusCallback statusCallbackMethod';
const recording = `record trim recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent`;
const amd = `machineDetection machineDetectionTimeout machineDetectionSpeechThreshold machineDetectionSpeechEndThreshold
  machineDetectionSilenceTimeout amdStatusCallback amdStatusCallbackMethod`;

/** The elements that the simulator runs, each with the attributes that Twilio knows; names are case-sensitive (TW-TWIML-1). */
export const attributesOf: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['Response', words('')],
  ['Say', words('voice language loop')],
  ['Play', words('loop digits')],
  ['Pause', words('length')],
  [
    'Gather',
    words(`action method input timeout speechTimeout maxSpeechTime numDigits finishOnKey actionOnEmptyResult language hints
      bargeIn profanityFilter speechModel enhanced debug dtmfDetection partialResultCallback partialResultCallbackMethod`),
  ],
  ['Connect', words('action method')],
  ['Stream', words(`url name track ${callbacks}`)],
  ['Parameter', words('name value')],
  [
    'Dial',
    words(`action method timeout timeLimit callerId answerOnBridge hangupOnStar ringTone sequential referUrl referMethod
      recordingTrack ${recording}`),
  ],
  ['Number', words(`url method sendDigits statusCallbackEvent byoc ${callbacks} ${amd}`)],
  [
    'Conference',
    words(`startConferenceOnEnter endConferenceOnExit beep waitUrl waitMethod muted coach participantLabel maxParticipants
      jitterBufferSize region eventCallbackUrl statusCallbackEvent ${callbacks} ${recording}`),
  ],
  ['Sip', words(`url method username password statusCallbackEvent codecs ${callbacks} ${amd}`)],
  [
    'Record',
    words(`action method timeout finishOnKey maxLength playBeep trim transcribe transcribeCallback recordingStatusCallback
      recordingStatusCallbackMethod recordingStatusCallbackEvent`),
  ],
  ['Redirect', words('method')],
  ['Hangup', words('')],
  ['Reject', words('reason')],
]);

const response = words('Response');
const parentsOf: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['Say', words('Response Gather')],
  ['Play', words('Response Gather')],
  ['Pause', words('Response Gather')],
  ['Stream', words('Connect')],
  ['Parameter', words('Stream')],
  ['Number', words('Dial')],
  ['Conference', words('Dial')],
  ['Sip', words('Dial')],
]);

/** Elements of TwiML that exist and that the simulator does not run. */
export const notSimulated =
  words(`Application Autopilot Client Conversation ConversationRelay Enqueue Leave Message Pay Prompt
  Queue Refer Room Sim Siprec Sms Start Stop VirtualAgent`);

/** Whether Twilio's schema lets the element stand in its parent; where the unsimulated ones may stand is not checked. */
export function mayStandIn(parent: string, name: string): boolean {
  return notSimulated.has(name) || (attributesOf.has(name) && (parentsOf.get(name) ?? response).has(parent));
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/).filter((word) => word !== ''));
}
