/** The first commands of a newcomer: at `GET /`, and when the program has started. */
export function howToUse(deps: { url: string; region: string; account: string }): string {
  const { url, region, account } = deps;
  const { host } = new URL(url);
  return `ecr-local: Amazon ECR on this machine, account ${account}, region ${region}.

The AWS CLI and SDKs, with any credentials:
  export AWS_ENDPOINT_URL=${url} AWS_REGION=${region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  aws ecr create-repository --repository-name hello/world
  aws ecr describe-repositories

In a browser: ${url}/

docker, podman, skopeo:
  aws ecr get-login-password | docker login --username AWS --password-stdin ${host}
  docker push ${host}/hello/world:latest
`;
}
