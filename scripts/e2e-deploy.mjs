// An agent stack on an emulator of AWS, by the real CDK command line: npm run e2e:deploy.
// Installs the emulator once, in .cache/e2e. Without Python, PyPI or OpenSSL the proof is skipped, and says so.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prove, skip } from './e2e-proof.mjs';

const EMULATOR = 'ministack==1.5.33';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cache = join(root, '.cache', 'e2e');
const environment = join(cache, 'venv');
const tls = join(cache, 'tls');

installEmulator();
makeCertificate();
await prove(join('e2e', 'deploy', 'run.ts'), { NODE_EXTRA_CA_CERTS: join(tls, 'server.crt') });

function installEmulator() {
  const marker = join(environment, 'installed');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === EMULATOR) return;
  if (process.platform === 'win32') skip('e2e:deploy', 'it needs Linux or macOS');
  const python = ['python3', 'python'].find(isRecentPython);
  if (!python) skip('e2e:deploy', 'Python 3.10 or later, which runs the emulator, is not here');
  console.error(`Installing ${EMULATOR} in .cache/e2e (first run, some seconds)...`);
  rmSync(environment, { recursive: true, force: true });
  attempt(
    python,
    ['-m', 'venv', environment],
    'a Python environment could not be made (on Debian: apt install python3-venv)',
  );
  const install = ['install', '--quiet', '--disable-pip-version-check', EMULATOR];
  attempt(join(environment, 'bin', 'pip'), install, `${EMULATOR} could not be installed from PyPI`);
  writeFileSync(marker, EMULATOR);
}

function isRecentPython(command) {
  return spawnSync(command, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0;
}

/** The emulator's, for this machine only, and anew each time so that none expires. */
function makeCertificate() {
  mkdirSync(tls, { recursive: true });
  const files = ['-keyout', join(tls, 'server.key'), '-out', join(tls, 'server.crt')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...names];
  attempt('openssl', request, 'OpenSSL could not make the certificate of the emulator');
}

function attempt(command, args, failure) {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  skip('e2e:deploy', `${failure}:\n${error?.message ?? stderr.trim().split('\n').slice(-5).join('\n')}`);
}
