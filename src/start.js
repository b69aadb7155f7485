// Plain JavaScript: a thread that reads TypeScript before Node may keep what it has compiled has to strip the types first.
import './check-node.js';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// Here Node keeps what it has compiled: the next start takes half the time and a quarter less memory. Threads and tool processes find it as well.
process.env.NODE_COMPILE_CACHE ||= fileURLToPath(new URL('../node_modules/.cache/parley', import.meta.url));
// V8 keeps compiled code apart for each set of its flags. This one is switched on for a moment (src/start-memory.ts), and is said here
// so that the set is the same before and after.
if (Number.parseInt(process.versions.node, 10) >= 26) setFlagsFromString('--no-memory-saver-mode');
module.enableCompileCache(process.env.NODE_COMPILE_CACHE);

await import('./main.ts');
