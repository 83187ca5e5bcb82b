import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type * as esbuild from 'esbuild';
import type { AgentBundling } from '../agent-bundling';

/** The bundle of an agent, in a folder of its own. */
export interface Bundle {
  readonly file: string;
  readonly code: Code;
  /** Once the function has taken the code. */
  remove(): void;
}

/**
 * A module with all it imports in one CommonJS file, the AWS SDK included: the one of the Lambda runtime is older than the
 * services, and ESM bundles of the SDK fail at import.
 *
 * @throws Error with what esbuild finds
 */
export function bundleModule(entry: string, options: AgentBundling): Bundle {
  const folder = mkdtempSync(join(tmpdir(), 'agent-'));
  const file = join(folder, 'index.js');
  const remove = () => rmSync(folder, { recursive: true });
  try {
    loadEsbuild().buildSync({
      entryPoints: [entry],
      outfile: file,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      logLevel: 'silent',
      sourcemap: options.sourceMap ?? false,
      // Even if there are none: left out, they include `module`, and the ES modules of the SDK start more slowly, because
      // what its CommonJS modules require of them is kept whole: https://esbuild.github.io/api/#conditions
      conditions: [...(options.conditions ?? [])],
      external: [...(options.externalModules ?? [])],
      define: { ...options.define },
      loader: { ...options.loader } as Record<string, esbuild.Loader>,
    });
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
