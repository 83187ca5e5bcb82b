import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type * as esbuild from 'esbuild';

export interface FunctionBundling {
  /** The module of the function, absolute. */
  readonly entry: string;
  /** Besides `module` and those of Node. @default - none */
  readonly conditions?: readonly string[];
  /** @default - ES modules before CommonJS */
  readonly mainFields?: readonly string[];
  /** @default - none */
  readonly external?: readonly string[];
  /** @default - none */
  readonly define?: Readonly<Record<string, string>>;
  /** @default - by the rules of esbuild */
  readonly loader?: Readonly<Record<string, string>>;
  /** @default false */
  readonly sourceMap?: boolean;
}

/** A file of what is deployed. */
export interface FunctionFile {
  readonly name: string;
  readonly contents: Uint8Array | string;
}

/** Of ES modules only what is used gets into a bundle, of CommonJS all. */
const ES_MODULES_FIRST = ['module', 'main'];

/**
 * Bundles a module and all it imports, the AWS SDK included, as CommonJS: `index.js`, and files of their own for what it loads by
 * `import()`. Of megabytes of clients a function then reads those of the services that it calls.
 *
 * In two steps, for esbuild splits ES modules only, and those are not what to deploy: they find no modules of layers, and what is
 * CommonJS inside of them cannot require the modules of Node.
 *
 * @throws Error with what esbuild finds
 */
export function bundleFunction({ buildSync }: typeof esbuild, bundling: FunctionBundling): FunctionFile[] {
  const { entry, sourceMap: sourcemap = false } = bundling;
  const modules = mkdtempSync(join(tmpdir(), 'modules-'));
  const common = { minify: true, platform: 'node', target: 'node24', logLevel: 'silent', sourcemap } as const;
  try {
    const { metafile } = buildSync({
      ...common,
      // The names of files come from paths too, which must not depend on where the app is.
      absWorkingDir: dirname(entry),
      entryPoints: { index: entry },
      outdir: modules,
      bundle: true,
      format: 'esm',
      splitting: true,
      chunkNames: '[name]-[hash]',
      metafile: true,
      // CommonJS has none, and here esbuild still knows the place in the source.
      supported: { 'top-level-await': false },
      mainFields: [...(bundling.mainFields ?? ES_MODULES_FIRST)],
      conditions: ['module', ...(bundling.conditions ?? [])],
      external: [...(bundling.external ?? [])],
      define: { ...bundling.define },
      loader: { ...bundling.loader } as Record<string, esbuild.Loader>,
    });
    const names = readdirSync(modules);
    const { outputFiles } = buildSync({
      ...common,
      absWorkingDir: modules,
      entryPoints: codeIn(metafile),
      outdir: modules,
      write: false,
      format: 'cjs',
      supported: { 'dynamic-import': false },
    });
    const commonJs = commonJsIn(metafile);
    const code = outputFiles.map(({ path, text }) => {
      const name = basename(path);
      // An ES module has all that CommonJS exports as its default.
      return { name, contents: commonJs.has(name) ? `${text}module.exports=module.exports.default;\n` : text };
    });
    const others = names.filter((name) => !/\.js(\.map)?$/.test(name));
    return [...code, ...others.map((name) => ({ name, contents: readFileSync(join(modules, name)) }))];
  } finally {
    rmSync(modules, { recursive: true });
  }
}

export function writeFunction(folder: string, files: readonly FunctionFile[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, contents } of files) writeFileSync(join(folder, name), contents);
}

/** The code that is read from `index.js` on: esbuild also writes what only code asks for that it has left out. */
function codeIn({ outputs }: esbuild.Metafile): string[] {
  const found = new Set(Object.keys(outputs).filter((path) => basename(path) === 'index.js'));
  for (const path of found) {
    // What is added while a set is gone through is gone through as well.
    for (const imported of outputs[path]?.imports ?? []) if (imported.path in outputs) found.add(imported.path);
  }
  return [...found].map((path) => basename(path)).filter((name) => name.endsWith('.js'));
}

/** The files that stand for one module that was CommonJS before. */
function commonJsIn({ inputs, outputs }: esbuild.Metafile): Set<string> {
  const files = Object.entries(outputs).filter(
    ([, { entryPoint }]) => entryPoint !== undefined && inputs[entryPoint]?.format === 'cjs',
  );
  return new Set(files.map(([path]) => basename(path)));
}
