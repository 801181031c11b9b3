import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, type CommandResult } from '../../command';
import { PipelineError } from '../../pipeline-error';
import { type Narrator, type PushOutcome, type PushPlan } from '../image-engine';
import { type Docker } from './docker';
import { withLogin } from './docker-session';

type Variables = Readonly<Record<string, string | undefined>>;

const attempts = 4;
const firstDelayMs = 500;

/** What passes by itself: no connection, a broken one, or a server in trouble. */
const passing =
  /connection (refused|reset)|timeout|timed out|EOF|broken pipe|no such host|received unexpected HTTP status: 5\d\d|\b50[0234]\b|toomanyrequests/i;

/** Tags and pushes with the Docker client, fixed tags first, and takes the tags off the daemon's image again. */
export function pushWithDocker(
  docker: Docker,
  plan: PushPlan,
  variables: Variables,
  narrator: Narrator,
): Promise<PushOutcome> {
  return withLogin(docker, plan, variables, async (env) => {
    const layers = new Map<string, boolean>();
    for (const tag of [...plan.tags.fixed, ...plan.tags.moving]) {
      const name = `${plan.host}/${plan.repository}:${tag}`;
      await docker.expect('PUSH_FAILED', `docker cannot tag ${plan.image.location}:`, [
        'tag',
        plan.image.location,
        name,
      ]);
      try {
        const { stdout } = await pushTag(docker, name, env, narrator);
        noteLayers(stdout, layers);
      } finally {
        await docker.run(['rmi', '--no-prune', name]);
      }
    }
    const uploaded = [...layers.values()].filter(Boolean).length;
    return { uploadedLayers: uploaded, presentLayers: layers.size - uploaded };
  });
}

async function pushTag(docker: Docker, name: string, env: Variables, narrator: Narrator) {
  let result: CommandResult | undefined;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (result) {
      narrator.note(`docker push ${name}: ${lastLines(result, 1)}. Trying again.`);
      await sleep(firstDelayMs * 2 ** (attempt - 2));
    }
    result = await docker.run(['push', name], {
      env,
      onLine: (line) => narrator.progress(line),
    });
    if (result.code === 0) return result;
    if (!passing.test(result.stderr)) break;
  }
  throw new PipelineError(
    'PUSH_FAILED',
    `docker push ${name} failed: ${result ? lastLines(result, 1) : ''}`,
  );
}

/** docker push says of each layer "<id>: Pushed" or "<id>: Layer already exists". @param layers by ID: whether it was sent */
function noteLayers(stdout: string, layers: Map<string, boolean>): void {
  for (const [, id = '', state] of stdout.matchAll(
    /^([0-9a-f]{12}): (Pushed|Layer already exists)/gm,
  )) {
    layers.set(id, layers.get(id) === true || state === 'Pushed');
  }
}
