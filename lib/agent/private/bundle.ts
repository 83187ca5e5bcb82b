import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type * as esbuild from 'esbuild';
import { writeFiles } from '../../private/bundle-split';
import type { AgentBundling } from '../agent-bundling';
import { SDK_CLIENTS, sdkClientFiles, sdkClientsIn } from './sdk-clients';

/** The bundle of an agent, in a folder of its own. */
export interface Bundle {
  /** What Lambda loads. */
  readonly file: string;
  readonly code: Code;
  /** Once the function has taken the code. */
  remove(): void;
}

/**
 * A module with all it imports in one CommonJS file, and the clients of the AWS SDK beside it: the SDK of the Lambda runtime is
 * older than the services. A new process reads and compiles all that is in the one file, some 40 ms a megabyte.
 *
 * @throws Error with what esbuild finds
 */
export function bundleModule(entry: string, options: AgentBundling): Bundle {
  const folder = mkdtempSync(join(tmpdir(), 'agent-'));
  const file = join(folder, 'index.js');
  const remove = () => rmSync(folder, { recursive: true });
  try {
    const bundler = loadEsbuild();
    const external = options.externalModules ?? [];
    const { metafile } = bundler.buildSync({
      entryPoints: [entry],
      outfile: file,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      logLevel: 'silent',
      sourcemap: options.sourceMap ?? false,
      // Even if there are none: left out, they include `module`, and what CommonJS requires of ES modules is kept whole:
      // https://esbuild.github.io/api/#conditions
      conditions: [...(options.conditions ?? [])],
      metafile: true,
      external: [...external, SDK_CLIENTS],
      define: { ...options.define },
      loader: { ...options.loader } as Record<string, esbuild.Loader>,
    });
    writeFiles(folder, sdkClientFiles(bundler, sdkClientsIn(metafile), external));
  } catch (error) {
    remove();
    throw error;
  }
  return { file, code: Code.fromAsset(folder), remove };
}

/** The esbuild of the app if it has one, so that its version is the app's choice. */
function loadEsbuild(): typeof esbuild {
  for (const root of [process.cwd(), __dirname]) {
    try {
      return createRequire(join(root, 'package.json'))('esbuild');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new Error('esbuild, which bundles agents, is not installed: run "npm install --save-dev esbuild"');
}
