import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type * as esbuild from 'esbuild';
import type { AgentBundling } from '../agent-bundling';

/** The bundle, in the folder that becomes the code of the function. */
export const BUNDLE = 'index.js';

/**
 * A module with all it imports in one CommonJS file, the AWS SDK included: the one of the Lambda runtime is older than the
 * services, and ESM bundles of the SDK fail at import.
 *
 * @param inspect looks at the bundle before it becomes an asset; may throw
 */
export function bundledCode(entry: string, options: AgentBundling, inspect: (bundle: string) => void): Code {
  return Code.fromAsset(dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never run, and all that tells two agents in one folder apart to the cache of assets.
      image: DockerImage.fromRegistry('none'),
      command: [entry, JSON.stringify(options)],
      local: {
        tryBundle: (folder) => {
          const bundle = join(folder, BUNDLE);
          loadEsbuild().buildSync({
            entryPoints: [entry],
            outfile: bundle,
            bundle: true,
            minify: true,
            platform: 'node',
            target: 'node24',
            format: 'cjs',
            logLevel: 'error',
            sourcemap: options.sourceMap ?? false,
            conditions: [...(options.conditions ?? [])],
            external: [...(options.externalModules ?? [])],
            define: { ...options.define },
            loader: { ...options.loader } as Record<string, esbuild.Loader>,
          });
          inspect(bundle);
          return true;
        },
      },
    },
  });
}

/** The esbuild of the app: a library that brought its own would bring a binary for each platform. */
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
