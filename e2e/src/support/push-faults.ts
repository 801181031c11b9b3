import { expectMessage, type PushScene } from './push-scene';

/** Harm that comes to a push, and what the push tells of it. */
export interface PushFault {
  readonly fault: string;
  readonly harm: (scene: PushScene) => void;
  /** Whether the push does not get over it. */
  readonly fails: boolean;
  readonly says: readonly RegExp[];
  /** How often it asks ECR for a login, where that tells. */
  readonly logins?: number;
}

const MB = 1024 * 1024;
const upload = /^(PATCH|PUT) \S+\/blobs\/uploads\//;
/** In the middle of the largest layer: a chunk of it has arrived, as have the other layers. */
export const midway = 9.25 * MB;

const tagsStay = /Moving tags \(latest\) were not changed/;
const again = /[Pp]ush again: content already in the registry is not uploaded again/;

/** What every engine's push is put through. */
export const commonFaults: readonly PushFault[] = [
  {
    fault: 'a registry that goes away',
    harm: ({ proxy }) => proxy.after(midway, () => proxy.vanish()),
    fails: true,
    says: [/ECONNREFUSED|ECONNRESET/, /Check that the registry is running/, tagsStay, again],
  },
  {
    fault: 'a registry that fails for good',
    harm: ({ proxy }) => proxy.refuse({ when: upload, status: 500 }),
    fails: true,
    says: [/HTTP 500/, /check the log of the registry/, tagsStay, again],
  },
  {
    fault: 'a login that expires',
    harm: ({ proxy, registry }) => proxy.after(midway, () => registry.expireLogins()),
    fails: false,
    says: [],
    logins: 2,
  },
];

export const moreFaults: readonly PushFault[] = [
  {
    fault: 'a connection that breaks off',
    harm: ({ proxy }) => proxy.after(midway, () => proxy.cut()),
    fails: false,
    says: [/retrying \(2 of 6\)/],
  },
  {
    fault: 'a registry that fails for a while, and asks for a pause',
    harm: ({ proxy }) => {
      proxy.refuse({ when: /^(PATCH|PUT) /, status: 503, times: 3 });
      proxy.refuse({ when: /^POST \S+\/blobs\//, status: 429, times: 3 });
    },
    fails: false,
    says: [/retrying .*HTTP 503/, /retrying .*HTTP 429/],
  },
  {
    fault: 'a slow registry',
    harm: ({ proxy }) => {
      proxy.bytesPerSecond = 4 * MB;
    },
    fails: false,
    says: [/10\.5 MB uploaded in ([2-9]\.\d|\d\d+) s/],
  },
  {
    fault: 'AWS credentials that expire with the login',
    harm: ({ proxy, registry }) =>
      proxy.after(midway, () => {
        registry.expireLogins();
        proxy.refuse({
          when: /GetAuthorizationToken/,
          status: 400,
          body: { __type: 'ExpiredTokenException', message: 'The security token has expired' },
        });
      }),
    fails: true,
    says: [/AWS credentials have expired/, /aws sso login/, tagsStay, again],
  },
  {
    fault: 'a registry that answers nothing but that it fails',
    harm: ({ proxy }) => proxy.refuse({ when: / \/v2\//, status: 502 }),
    fails: true,
    says: [/HTTP 502/, /Nothing was uploaded and no tag was changed/, /Fix: push again/],
  },
  {
    fault: 'a registry that takes no manifest',
    harm: ({ proxy }) => proxy.refuse({ when: /^PUT \S+\/manifests\//, status: 500 }),
    fails: true,
    says: [/HTTP 500/, tagsStay, again],
  },
  {
    fault: 'a registry that takes no attachment',
    harm: ({ proxy }) => proxy.refuse({ when: /^PUT \S+\/manifests\/sha256:/, status: 500 }),
    fails: true,
    says: [/HTTP 500/, /The image is in the registry under its fixed tags/, tagsStay, again],
  },
  {
    fault: 'a registry that moves no tag',
    harm: ({ proxy }) => proxy.refuse({ when: /^PUT \S+\/manifests\/latest/, status: 500 }),
    fails: true,
    says: [/HTTP 500/, /The image is in the registry under its fixed tags/, again],
  },
];

/**
 * A push of other content that comes to harm, and its repetition. After the first one either everything stands or what a tag named
 * before; the second one sends what is missing, and nothing else.
 */
export async function pushThrough(
  scene: PushScene,
  engine: string,
  { harm, fails, says, logins }: PushFault,
): Promise<void> {
  const { proxy, parcel } = scene;
  const before = await scene.standing();
  harm(scene);
  const result = await scene.push(engine);
  const after = await scene.standing();
  const { digest } = await parcel.image();
  expect(before['latest']).not.toBe(digest);
  for (const words of says) expect(result.output).toMatch(words);
  const asked = proxy.requests.filter((line) => line === 'POST GetAuthorizationToken');
  if (logins) expect(asked).toHaveLength(logins);
  if (fails) {
    expectMessage(result);
    // Beyond what stood, tags of the new image at most.
    expect(after).toMatchObject(before);
    for (const [tag, named] of Object.entries(after))
      expect([before[tag], digest]).toContain(named);
    const missing = await scene.missingBlobs();
    await proxy.heal();
    await scene.pushOk(engine);
    expect(await scene.sentBlobs()).toEqual(missing);
  } else {
    expect(result).toMatchObject({ code: 0 });
  }
  expect((await scene.standing())['latest']).toBe(digest);
  await proxy.heal();
}
