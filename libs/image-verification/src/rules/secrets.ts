import { lintSource } from '@secretlint/core';
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend';
import { type ImageFile, isText } from '../layers/image-file';
import { type Subject } from '../subject';
import { secretFile } from './secret-files';

const preset = '@secretlint/secretlint-rule-preset-recommend';
const config = {
  rules: [
    {
      id: preset,
      rule: recommended,
      rules: [{ id: '@secretlint/secretlint-rule-aws', options: { enableIDScanRule: true } }],
    },
  ],
};

/** What a variable is called that holds a secret. */
const secretName = /(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY)$/i;

/** Where secrets are: in files, by name and by content, and in the image's configuration. Never what they are. */
export async function findSecrets({ files, platforms }: Subject): Promise<string[]> {
  const found = [];
  for (const file of files) found.push(...(await secretsOf(file)));
  for (const { configText, run } of platforms) {
    found.push(...(await secretsIn('the configuration of the image', configText)));
    found.push(...(run.Env ?? []).filter(isSecretVariable).map(nameOfVariable));
  }
  return found;
}

async function secretsOf(file: ImageFile): Promise<string[]> {
  if (file.type !== 'file') return [];
  const named = secretFile(file);
  if (named) return [`${file.path}: ${named}`];
  return isText(file) ? secretsIn(file.path, file.content.toString()) : [];
}

async function secretsIn(path: string, content: string): Promise<string[]> {
  const { messages } = await lintSource({
    source: { filePath: path, content, contentType: 'text', ext: '' },
    options: { config, maskSecrets: true, noPhysicFilePath: true },
  });
  return messages.map(({ loc, message }) => {
    const [kind = message] = message.split(/[(:]/, 1);
    return `${path}, line ${loc.start.line}: ${kind.trim()}`;
  });
}

function isSecretVariable(variable: string): boolean {
  const [name = ''] = variable.split('=', 1);
  return secretName.test(name) && variable.length > name.length + 1;
}

function nameOfVariable(variable: string): string {
  return `ENV ${variable.split('=', 1)[0]}: a variable of that name with a value`;
}
