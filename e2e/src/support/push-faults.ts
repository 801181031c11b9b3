import { expectMessage, type PushScene } from './push-scene';

/** A fault during a push, and what the push reports. */
interface PushFault {
  readonly fault: string;
  readonly inject: (scene: PushScene) => void;
  /** Whether the push fails, instead of recovering. */
  readonly fails: boolean;
  readonly says: readonly RegExp[];
  /** How many authorization tokens it requests from ECR; not checked by default. */
  readonly tokens?: number;
}

const MB = 1024 * 1024;
const upload = /^(PATCH|PUT) \S+\/blobs\/uploads\//;
/** In the middle of the largest layer, after one chunk of it and all other layers. */
export const midway = 9.25 * MB;

const tagsStay = /Moving tags \(latest\) were not changed/;
const again = /[Pp]ush again: content already in the registry is not uploaded again/;

/** The faults that are tested with every engine. */
export const commonFaults: readonly PushFault[] = [
  {
    fault: 'a registry that becomes unreachable',
    inject: ({ proxy }) => proxy.after(midway, () => proxy.vanish()),
    fails: true,
    says: [/ECONNREFUSED|ECONNRESET/, /Check that the registry is running/, tagsStay, again],
  },
  {
    fault: 'a registry that fails permanently',
    inject: ({ proxy }) => proxy.refuse({ when: upload, status: 500 }),
    fails: true,
    says: [/HTTP 500/, /check the log of the registry/, tagsStay, again],
  },
  {
    fault: 'an authorization token that expires',
    inject: ({ proxy, registry }) => proxy.after(midway, () => registry.expireTokens()),
    fails: false,
    says: [],
    tokens: 2,
  },
];

export const moreFaults: readonly PushFault[] = [
  {
    fault: 'a connection that breaks',
    inject: ({ proxy }) => proxy.after(midway, () => proxy.cut()),
    fails: false,
    says: [/retrying \(2 of 6\)/],
  },
  {
    fault: 'a registry that fails for a while and limits the rate',
    inject: ({ proxy }) => {
      proxy.refuse({ when: /^(PATCH|PUT) /, status: 503, times: 3 });
      proxy.refuse({ when: /^POST \S+\/blobs\//, status: 429, times: 3 });
    },
    fails: false,
    says: [/retrying .*HTTP 503/, /retrying .*HTTP 429/],
  },
  {
    fault: 'a slow registry',
    inject: ({ proxy }) => {
      proxy.bytesPerSecond = 4 * MB;
    },
    fails: false,
    says: [/10\.5 MB uploaded in ([2-9]\.\d|\d\d+) s/],
  },
  {
    fault: 'AWS credentials that expire with the authorization token',
    inject: ({ proxy, registry }) =>
      proxy.after(midway, () => {
        registry.expireTokens();
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
    fault: 'a registry that fails every request',
    inject: ({ proxy }) => proxy.refuse({ when: / \/v2\//, status: 502 }),
    fails: true,
    says: [/HTTP 502/, /Nothing was uploaded and no tag was changed/, /Fix: push again/],
  },
  {
    fault: 'a registry that rejects manifests',
    inject: ({ proxy }) => proxy.refuse({ when: /^PUT \S+\/manifests\//, status: 500 }),
    fails: true,
    says: [/HTTP 500/, tagsStay, again],
  },
  {
    fault: 'a registry that rejects referrers',
    inject: ({ proxy }) => proxy.refuse({ when: /^PUT \S+\/manifests\/sha256:/, status: 500 }),
    fails: true,
    says: [/HTTP 500/, /The image is in the registry under its fixed tags/, tagsStay, again],
  },
  {
    fault: 'a registry that rejects moving tags',
    inject: ({ proxy }) => proxy.refuse({ when: /^PUT \S+\/manifests\/latest/, status: 500 }),
    fails: true,
    says: [/HTTP 500/, /The image is in the registry under its fixed tags/, again],
  },
];

/**
 * Pushes other content with a fault, and repeats the push if it fails. After a failed push the existing tags are unchanged; the
 * repetition sends only what is missing.
 */
export async function pushThrough(
  scene: PushScene,
  engine: string,
  { inject, fails, says, tokens }: PushFault,
): Promise<void> {
  const { proxy, parcel } = scene;
  const before = await scene.tags();
  inject(scene);
  const result = await scene.push(engine);
  const after = await scene.tags();
  const { digest } = await parcel.image();
  expect(before['latest']).not.toBe(digest);
  for (const pattern of says) expect(result.output).toMatch(pattern);
  const requested = proxy.requests.filter((line) => line === 'POST GetAuthorizationToken');
  if (tokens) expect(requested).toHaveLength(tokens);
  if (fails) {
    expectMessage(result);
    // No other change than additional tags of the new image.
    expect(after).toMatchObject(before);
    for (const [tag, current] of Object.entries(after))
      expect([before[tag], digest]).toContain(current);
    const missing = await scene.missingBlobs();
    await proxy.heal();
    await scene.pushOk(engine);
    expect(await scene.sentBlobs()).toEqual(missing);
  } else {
    expect(result).toMatchObject({ code: 0 });
  }
  expect((await scene.tags())['latest']).toBe(digest);
  await proxy.heal();
}
