/** How the module of an agent becomes the code of its function. */
export interface AgentBundling {
  /**
   * Conditions under which `exports` of packages are read, besides those of Node.
   *
   * @default - none
   */
  readonly conditions?: readonly string[];
  /**
   * Modules that are not bundled: what a layer brings.
   *
   * @default - everything is bundled, the AWS SDK included
   */
  readonly externalModules?: readonly string[];
  /**
   * Global identifiers and what stands for them, as JSON or an identifier.
   *
   * @default - none
   */
  readonly define?: Readonly<Record<string, string>>;
  /**
   * How files are read, by extension: `{ '.md': 'text' }`.
   *
   * @see https://esbuild.github.io/content-types/
   * @default - by the rules of esbuild
   */
  readonly loader?: Readonly<Record<string, string>>;
  /**
   * Puts a source map beside the code and lets Node read it, so that stack traces name the sources. Costs start-up time.
   *
   * @default false
   */
  readonly sourceMap?: boolean;
}
