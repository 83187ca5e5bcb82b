import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type * as esbuild from 'esbuild';
import { bundleFunction, type FunctionFile, writeFunction } from '../../private/bundle-function';
import type { AgentBundling } from '../agent-bundling';

/** The bundle of an agent, in a folder of its own. */
export interface Bundle {
  /** What Lambda loads. */
  readonly file: string;
  readonly code: Code;
  /** Once the function has taken the code. */
  remove(): void;
}

/** By entry and options: apps have the same agent in several stages, and CDK bundles its own functions once as well. */
const known = new Map<string, FunctionFile[]>();

/**
 * A module with all it imports, the AWS SDK included: the one of the Lambda runtime is older than the services.
 *
 * @throws Error with what esbuild finds
 */
export function bundleModule(entry: string, options: AgentBundling): Bundle {
  const key = JSON.stringify([entry, options]);
  const files = known.get(key) ?? filesOf(entry, options);
  known.set(key, files);
  const folder = mkdtempSync(join(tmpdir(), 'agent-'));
  writeFunction(folder, files);
  return {
    file: join(folder, 'index.js'),
    code: Code.fromAsset(folder),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function filesOf(entry: string, { externalModules: external, ...options }: AgentBundling): FunctionFile[] {
  return bundleFunction(loadEsbuild(), { ...options, entry, ...(external && { external }) });
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
