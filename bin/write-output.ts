import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes the file that an option names. @throws Error that says what to do */
export async function writeOutput(option: string, path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new Error(`${option}: cannot write ${path}: ${remedyOf(error as NodeJS.ErrnoException, path)}`, {
      cause: error,
    });
  }
}

function remedyOf({ code = '', message }: NodeJS.ErrnoException, path: string): string {
  switch (code) {
    case 'ENOENT':
      return `there is no folder ${dirname(path)}: make it, or name another`;
    case 'EISDIR':
      return 'it is a folder: name a file in it';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'it may not be written: name a file in a folder of yours';
    default:
      return message;
  }
}
