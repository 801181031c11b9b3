import { userInfo } from 'node:os';
import { type Variables } from '@typerush/child-process';

/** The home folder: by the environment, which services and cron jobs often lack, else that of the user's account. */
export function homeFolder(env: Variables): string | undefined {
  return env['HOME'] || env['USERPROFILE'] || accountHome();
}

/** undefined for a user id without an account, such as that of `docker run --user`. */
function accountHome(): string | undefined {
  try {
    return userInfo().homedir || undefined;
  } catch {
    return undefined;
  }
}
