import { offerOwnPackages } from './own-packages.ts';

/** For programs that load tools without being a tool process, such as their tests: `node --import` runs this first. */
offerOwnPackages();
