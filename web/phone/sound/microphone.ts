/** Why there is no sound, and what to do about it, in words for the page. */
export class SoundProblem extends Error {}

const refusals: Readonly<Record<string, string>> = {
  NotAllowedError:
    'The browser may not use the microphone. Allow it for this page (the sign beside the address), and in the settings of your system, and call again.',
  NotFoundError:
    'There is no microphone. Connect one and call again, or call without one: the agent then hears silence.',
  NotReadableError: 'The microphone is in use or does not answer. Close other programs that use it, and call again.',
  OverconstrainedError:
    'The microphone cannot do what a call needs. Choose another one in the settings of your system.',
};

/** Why this page gets no microphone, camera or screen at all; null if it may. Browsers give them only to pages that nobody can have changed on the way. */
export function insecureOrigin(): string | null {
  if (window.isSecureContext && 'mediaDevices' in navigator) return null;
  return (
    `The browser gives no microphone to ${location.origin}, because it is neither this machine nor https. ` +
    `Open the page on the machine itself, as http://127.0.0.1:${location.port}/phone, or bring the port here: ` +
    `ssh -L ${location.port}:127.0.0.1:${location.port} your-server`
  );
}

/** What the caller hears the agent with. */
export type SoundOutput = 'loudspeaker' | 'headphones';

/** Asks for the microphone. Throws `SoundProblem`. */
export async function openMicrophone(output: SoundOutput): Promise<MediaStream> {
  const insecure = insecureOrigin();
  if (insecure !== null) throw new SoundProblem(insecure);
  try {
    // Beside a loudspeaker the agent would hear itself, and take it for the caller. What removes that costs some of the voice.
    const isOpen = output === 'loudspeaker';
    return await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: isOpen, noiseSuppression: isOpen, autoGainControl: isOpen },
    });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    throw new SoundProblem(refusals[name] ?? `The browser gave no microphone (${name || String(error)}). Call again.`);
  }
}
