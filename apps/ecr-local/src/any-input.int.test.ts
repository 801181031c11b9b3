import fc from 'fast-check';
import { type HostileClients, startHostileClients } from './test/hostile-clients';

/** Of each interface. README, Development: how to run it with 10,000. */
const inputs = Number(process.env['ECR_LOCAL_INPUTS'] ?? 300);
const timeoutMs = 60_000 + inputs * 100;

let server: HostileClients;
beforeAll(async () => {
  server = await startHostileClients();
}, 60_000);
afterAll(() => server.stop());

const bucket = (properties: string) =>
  `{"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":${properties}}}}`;

/** Cut at any place, nested deeply or long, as well as anything else. */
const json = fc.oneof(
  { weight: 6, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ maxLength: 2_000 }) },
  { weight: 1, arbitrary: fc.nat(3_000).map((n) => '['.repeat(n) + ']'.repeat(n)) },
  { weight: 1, arbitrary: fc.nat(3_000).map((n) => '{"a":'.repeat(n)) },
  { weight: 1, arbitrary: fc.nat(20_000).map((n) => `["${'ab'.repeat(n)}"]`) },
  { weight: 1, arbitrary: fc.nat(20_000).map((n) => `[${'0,'.repeat(n)}0]`) },
);
const member = (names: readonly string[]) =>
  fc.tuple(fc.constantFrom(...names), json).map(([name, value]) => `{"${name}":${value}}`);

/** Sends the inputs, eight at a time, and expects that none is answered with 5xx, stops the server or blocks its event loop. */
async function expectHarmless<T>(
  arbitrary: fc.Arbitrary<T>,
  send: (input: T) => Promise<Response>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(arbitrary, { minLength: 8, maxLength: 8 }), async (batch) => {
      const statuses = await Promise.all(
        batch.map(async (input) => {
          const response = await send(input);
          await response.arrayBuffer();
          return response.status;
        }),
      );
      expect(Math.max(...statuses)).toBeLessThan(500);
    }),
    { numRuns: Math.ceil(inputs / 8) },
  );
  expect(await server.isLive()).toBe(true);
  const blockedMs = await server.longestBlockMs();
  process.stderr.write(
    `${expect.getState().currentTestName}: ${inputs} inputs, event loop blocked ${Math.round(blockedMs)} ms at most\n`,
  );
  expect(blockedMs).toBeLessThan(200);
}

const encoded = (text: string) => encodeURIComponent(text.replace(/\p{Cs}/gu, ''));

describe('any input', () => {
  const itFor = (title: string, test: () => Promise<void>) => it(title, test, timeoutMs);

  itFor('does not harm the ECR API', () => {
    const operations = [
      'CreateRepository',
      'PutImage',
      'BatchDeleteImage',
      'BatchGetImage',
      'TagResource',
      'UploadLayerPart',
      'PutLifecyclePolicy',
      'StartLifecyclePolicyPreview',
      'SetRepositoryPolicy',
      'PutRegistryPolicy',
      'PutReplicationConfiguration',
      'CreateRepositoryCreationTemplate',
      'DescribeImages',
    ];
    const fields = [
      'tags',
      'imageIds',
      'imageManifest',
      'lifecyclePolicyText',
      'policyText',
      'filter',
    ];
    const text = json.map((value) => JSON.stringify(value));
    const body = fc.oneof(
      json,
      member(fields),
      fc
        .tuple(fc.constantFrom(...fields), fc.oneof(json, text))
        .map(([field, value]) => `{"repositoryName":"app","${field}":${value}}`),
    );
    return expectHarmless(fc.tuple(fc.constantFrom(...operations), body), ([operation, input]) =>
      server.callEcr(operation, input),
    );
  });

  itFor('does not harm CloudFormation as a template', () => {
    const yaml = fc
      .array(
        fc.constantFrom(...'{}[]:,-?!&*|>"\'#%@ab \n'.split(''), '  ', 'Ref', 'Fn::Sub: ', '${'),
        { maxLength: 200 },
      )
      .map((parts) => parts.join(''));
    const template = fc.oneof(
      yaml,
      json.map(bucket),
      yaml.map((text) => `Resources:\n ${text}`),
    );
    const actions = fc.constantFrom('ValidateTemplate', 'GetTemplateSummary', 'CreateChangeSet');
    return expectHarmless(fc.tuple(actions, template), ([Action, TemplateBody]) =>
      server.callCloudFormation({ Action, StackName: 's', ChangeSetName: 'c', TemplateBody }),
    );
  });

  itFor('does not harm CloudFormation as parameters', () => {
    const name = fc.oneof(
      fc.constantFrom('StackName', 'Parameters.member.1.ParameterKey', 'Tags.member.999999999.Key'),
      fc.string({ maxLength: 50 }),
      fc.nat(500).map((n) => `Tags${'.member.1'.repeat(n)}`),
    );
    const actions = fc.constantFrom('DescribeStacks', 'CreateStack', 'ListStacks', 'DeleteStack');
    const parameters = fc.dictionary(name, fc.oneof(fc.string(), json), { maxKeys: 10 });
    return expectHarmless(fc.tuple(actions, parameters), ([Action, further]) =>
      server.callCloudFormation({ ...further, Action }),
    );
  });

  itFor('does not harm STS', () => {
    const actions = fc.constantFrom('GetCallerIdentity', 'AssumeRole', 'AssumeRoleWithSAML');
    const names = fc.constantFrom(
      'RoleArn',
      'RoleSessionName',
      'Policy',
      'DurationSeconds',
      'a.b.1',
    );
    const parameters = fc.dictionary(names, fc.oneof(fc.string(), json));
    return expectHarmless(fc.tuple(actions, parameters), ([Action, further]) =>
      server.callSts({ ...further, Action }),
    );
  });

  itFor('does not harm Systems Manager', () => {
    const operations = fc.constantFrom(
      'GetParameter',
      'GetParameters',
      'GetParametersByPath',
      'Put',
    );
    const body = fc.oneof(json, member(['Name', 'Names', 'Path', 'NextToken', 'ParameterFilters']));
    return expectHarmless(fc.tuple(operations, body), ([operation, input]) =>
      server.callSsm(operation, input),
    );
  });

  itFor('does not harm the endpoints of ecr-local', () => {
    const paths = fc.constantFrom('lifecycle', 'clock', 'events', 'none');
    // The clock must not move far: tokens of the other interfaces would expire.
    const body = fc.oneof(json, member(['repositoryName', 'time', 'advanceSecond']));
    return expectHarmless(fc.tuple(paths, body), ([path, input]) => server.callLocal(path, input));
  });

  itFor('does not harm the registry protocol', () => {
    const words = 'app manifests blobs uploads tags list referrers sha256:00 ..'.split(' ');
    const segment = fc.oneof(
      fc.constantFrom(...words),
      fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }).map(encoded),
    );
    const method = fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE');
    const path = fc.array(segment, { minLength: 1, maxLength: 6 });
    return expectHarmless(
      fc.tuple(path, method, fc.string(), json),
      ([parts, verb, query, body]) => {
        const url = `/v2/${parts.join('/')}?n=${encoded(query)}&digest[]=a&mount=${parts[0]}`;
        const hasBody = verb !== 'GET' && verb !== 'HEAD';
        return server.v2(url, { method: verb, ...(hasBody && { body }) });
      },
    );
  });

  itFor('does not harm the registry protocol as a manifest', () => {
    const fields = ['layers', 'config', 'manifests', 'annotations', 'subject', 'mediaType'];
    const manifest = fc
      .tuple(fc.constantFrom(...fields), json)
      .map(([field, value]) => `{"schemaVersion":2,"${field}":${value}}`);
    return expectHarmless(manifest, (body) =>
      server.v2('/v2/app/manifests/v1', {
        method: 'PUT',
        body,
        headers: { 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
      }),
    );
  });

  it.each([15_000])('is not slow as a path of %d characters', async (length) => {
    for (const part of ['a', 'a/', '-', 'blobs/', 'manifests/', '/blobs/a', '%2f']) {
      const response = await server.v2(`/v2/${part.repeat(length / part.length)}/manifests/v1`);
      expect(response.status).toBeLessThan(500);
    }
  });
});
