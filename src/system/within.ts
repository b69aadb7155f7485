/** What a promise resolves to, or null when that takes longer than `msMax`. The promise must not reject. */
export async function within<Value>(promise: Promise<Value>, msMax: number): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), msMax);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
