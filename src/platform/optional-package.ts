/** A package that an option needs is not installed. The message says which, and how to get it. */
export class MissingPackageError extends Error {
  override readonly name = 'MissingPackageError';
}

/**
 * Loads what stands on packages that not every application has.
 * @param what needs them, in the words of whoever configured it: `session.store 'postgres'`
 * @throws MissingPackageError
 */
export async function withPackages<T>(what: string, packages: readonly string[], load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const missing = packages.find((name) => isAbout(error, name));
    if (!missing) throw error;
    const all = packages.join(' ');
    throw new MissingPackageError(`${what} needs the package ${missing}, which is not installed: npm install ${all}`, {
      cause: error,
    });
  }
}

/** Node's own error for `import`, or TypeORM's for the driver that it loads by itself. */
function isAbout(error: unknown, name: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  if (isMissing && error.message.includes(`'${name}'`)) return true;
  return error.name === 'DriverPackageNotInstalledError' && error.message.includes(`npm install ${name}"`);
}
