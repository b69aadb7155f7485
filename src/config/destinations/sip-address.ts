/** As long as Twilio takes one (TW-TWIML-8). */
const sipCharsMax = 255;

const sipForm = /^sips?:[\w.!~*'()%&=+$,;?/-]{1,64}@(?<host>[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?(?:;[\w.=%-]+)*$/i;

/** What is wrong with a SIP address, as the rest of a sentence; null when nothing is. */
export function sipProblem(text: string): string | null {
  const host = sipForm.exec(text)?.groups?.['host'] ?? '';
  if (text.length > sipCharsMax || host === '' || /^[.-]|\.\.|[.-]$/.test(host))
    return 'is no SIP address; it wants sip:name@host, such as sip:reception@pbx.example.com.';
  return null;
}
