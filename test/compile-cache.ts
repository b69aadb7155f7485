/** Where a program that a test starts finds itself compiled: for one that gets no other part of this environment. */
export const compileCache = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '' };
