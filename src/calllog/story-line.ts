/** One line of a call's story. */
export interface StoryLine {
  readonly atMs: number;
  readonly who: 'twilio' | 'caller' | 'agent' | 'model' | 'tool' | 'parley';
  readonly text: string;
}
