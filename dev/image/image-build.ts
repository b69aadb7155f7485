import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, posix } from 'node:path';
import { contextFiles } from './build-context.ts';
import { commandOf, DockerfileError, expanded, type Instruction, pairsOf, readDockerfile } from './dockerfile.ts';

/** Installing packages without a cache takes a minute on a slow network. */
const stepMsMax = 300_000;

/** What npm needs of the machine to reach a registry. Nothing else of its environment gets into the build. */
const passedOn =
  /^(?:home|https?_proxy|no_proxy|node_extra_ca_certs|ssl_cert_\w+|npm_config_(?:registry|cache|userconfig|globalconfig))$/i;

/** Where and how the image is built. */
export interface ImageBuildOptions {
  /** The repository, with its Dockerfile. */
  readonly source: string;
  /** An empty folder, which stands for the root of the image. */
  readonly root: string;
  /** A folder with the program `node`, which the base image would bring along. */
  readonly bin: string;
  /** Values for the ARGs of the Dockerfile. */
  readonly args: Readonly<Record<string, string>>;
}

/** An image in a folder: what its Dockerfile says about how it runs. */
export interface BuiltImage {
  /** Where it starts, on this machine. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** As the Dockerfile names it. */
  readonly user: string;
  readonly command: readonly [string, ...string[]];
  readonly healthCheck: readonly [string, ...string[]];
}

/** Carries out the steps of the Dockerfile without Docker. Throws a DockerfileError for a step that it does not know. */
export function buildImage(options: ImageBuildOptions): BuiltImage {
  const build = new ImageBuild(options);
  for (const step of readDockerfile(readFileSync(join(options.source, 'Dockerfile'), 'utf8'))) build.carryOut(step);
  return build.result();
}

class ImageBuild {
  readonly #options: ImageBuildOptions;
  readonly #context: readonly string[];
  readonly #env: Record<string, string> = {};
  readonly #args: Record<string, string> = {};
  #workdir = '/';
  #user = '';
  #command: readonly [string, ...string[]] | null = null;
  #healthCheck: readonly [string, ...string[]] | null = null;

  constructor(options: ImageBuildOptions) {
    this.#options = options;
    this.#context = contextFiles(options.source, readFileSync(join(options.source, '.dockerignore'), 'utf8'));
  }

  carryOut({ name, text }: Instruction): void {
    switch (name) {
      // The base image brings Node along, and so does whoever calls.
      case 'FROM':
      case 'EXPOSE':
        return;
      case 'ENV':
        for (const [key, value] of pairsOf(this.#expanded(text))) this.#env[key] = value;
        return;
      case 'ARG':
        for (const [key, value] of pairsOf(text)) this.#args[key] = this.#options.args[key] ?? value;
        return;
      case 'WORKDIR':
        this.#workdir = posix.resolve(this.#workdir, this.#expanded(text));
        mkdirSync(this.#inRoot('.'), { recursive: true });
        return;
      case 'COPY':
        return this.#copy(this.#expanded(text).split(/\s+/));
      case 'RUN':
        return this.#run(text);
      case 'USER':
        this.#user = this.#expanded(text);
        return;
      case 'HEALTHCHECK':
        this.#healthCheck = commandOf(text.replace(/^.*?\bCMD\s+/, ''));
        return;
      case 'CMD':
        this.#command = commandOf(text);
        return;
      default:
        throw new DockerfileError(`${name} is not carried out here.`);
    }
  }

  result(): BuiltImage {
    if (this.#command === null || this.#healthCheck === null || this.#user === '')
      throw new DockerfileError('An image needs a USER, a HEALTHCHECK and a CMD.');
    return {
      folder: this.#inRoot('.'),
      env: this.#env,
      user: this.#user,
      command: this.#command,
      healthCheck: this.#healthCheck,
    };
  }

  #copy(words: readonly string[]): void {
    const target = words.at(-1) ?? '';
    const sources = words.slice(0, -1);
    if (words.some((word) => word.startsWith('--'))) throw new DockerfileError('COPY takes no options here.');
    if (sources.length > 1 && !target.endsWith('/'))
      throw new DockerfileError(`COPY of many wants a folder: ${target}`);
    for (const source of sources.map((path) => posix.normalize(path))) {
      const files = this.#context.filter((file) => file === source || file.startsWith(`${source}/`));
      if (files.length === 0) throw new DockerfileError(`COPY finds nothing that .dockerignore lets in: ${source}`);
      for (const file of files) this.#copyFile(file, source, target);
    }
  }

  /** A folder's files go into the target; a file becomes the target, or goes into it when it is a folder. */
  #copyFile(file: string, source: string, target: string): void {
    const isOne = file === source;
    const name = isOne ? posix.basename(file) : posix.relative(source, file);
    const to = this.#inRoot(isOne && !target.endsWith('/') ? target : posix.join(target, name));
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(this.#options.source, file), to);
  }

  #run(command: string): void {
    if (this.#user !== '') throw new DockerfileError('RUN behind USER is not carried out here.');
    execFileSync('/bin/sh', ['-c', command], {
      cwd: this.#inRoot('.'),
      env: {
        ...Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name))),
        // What has just been installed from the same lockfile need not be fetched again.
        npm_config_prefer_offline: 'true',
        ...this.#args,
        ...this.#env,
        PATH: `${this.#options.bin}:${process.env['PATH'] ?? ''}`,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: stepMsMax,
    });
  }

  #inRoot(path: string): string {
    return join(this.#options.root, isAbsolute(path) ? path : posix.join(this.#workdir, path));
  }

  #expanded(text: string): string {
    return expanded(text, { ...this.#args, ...this.#env });
  }
}
