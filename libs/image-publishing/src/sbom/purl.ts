/** Package URLs: https://github.com/package-url/purl-spec */

export const packagePurl = (name: string, version: string) =>
  `pkg:npm/${name.split('/').map(encodeURIComponent).join('/')}@${encodeURIComponent(version)}`;

/** Node has no type of its own. */
export const nodePurl = (version: string) => `pkg:generic/node@${encodeURIComponent(version)}`;

/** @param reference of the repository, a tag with it or none: `public.ecr.aws/docker/library/node:26-alpine` */
export function imagePurl(reference: string, digest: string): string {
  const [, repository = '', tag] = /^(.+?)(?::([^:/]+))?(?:@.*)?$/.exec(reference) ?? [];
  const name = repository.split('/').at(-1)?.toLowerCase() ?? '';
  const qualifiers = [
    // Only with a registry in front is it an address.
    ...(/^[^/]*[.:][^/]*\//.test(repository)
      ? [`repository_url=${encodeURIComponent(repository)}`]
      : []),
    ...(tag === undefined ? [] : [`tag=${encodeURIComponent(tag)}`]),
  ].join('&');
  return `pkg:oci/${name}@${encodeURIComponent(digest)}${qualifiers && `?${qualifiers}`}`;
}
