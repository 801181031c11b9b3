import fc from 'fast-check';
import { parseImageReference } from './image-use';

const uri = '123456789012.dkr.ecr.ap-southeast-1.amazonaws.com/typerush/api';
const digest = `sha256:${'a'.repeat(64)}`;

describe('the reference of an image', () => {
  it.each([
    [uri, { repositoryUri: uri, tag: 'latest' }],
    [`${uri}:v1`, { repositoryUri: uri, tag: 'v1' }],
    [`${uri}@${digest}`, { repositoryUri: uri, tag: 'latest', digest }],
    [`${uri}:v1@${digest}`, { repositoryUri: uri, tag: 'v1', digest }],
    ['127.0.0.1:5100/api', { repositoryUri: '127.0.0.1:5100/api', tag: 'latest' }],
    ['127.0.0.1:5100/api:v1', { repositoryUri: '127.0.0.1:5100/api', tag: 'v1' }],
  ])('%s has its parts', (image, parts) => {
    expect(parseImageReference(image)).toEqual(parts);
  });

  it.each(['.dkr-ecr.ap-southeast-1.on.aws', '.dkr.ecr-fips.ap-southeast-1.amazonaws.com'])(
    'has the address of the repository if its host is another name of ECR: %s',
    (host) => {
      const { repositoryUri } = parseImageReference(`123456789012${host}/typerush/api:v1`);
      expect(repositoryUri).toBe(uri);
    },
  );

  it.each(['nginx', 'nginx:1.27', 'public.ecr.aws/nginx/nginx:1', 'ghcr.io/typerush/api:v1', ''])(
    'of another registry has another address: "%s"',
    (image) => expect(parseImageReference(image).repositoryUri).not.toBe(uri),
  );

  it('of any tag and digest can be taken apart again', () => {
    const tag = fc.stringMatching(/^\w[\w.-]{0,20}$/);
    fc.assert(
      fc.property(tag, fc.boolean(), (name, named) => {
        const image = `${uri}:${name}${named ? `@${digest}` : ''}`;
        expect(parseImageReference(image)).toEqual({
          repositoryUri: uri,
          tag: name,
          ...(named && { digest }),
        });
      }),
    );
  });
});
