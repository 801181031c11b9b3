import { type RequestHandler } from 'express';

/** What `GET /` tells whoever finds this port. */
export const indexPage =
  (deps: { host: () => string; region: string; account: string }): RequestHandler =>
  (_request, response) => {
    const host = deps.host();
    response.type('text/plain')
      .send(`ecr-local: Amazon ECR on this machine, account ${deps.account}, region ${deps.region}.

The AWS CLI and SDKs, with any credentials:
  export AWS_ENDPOINT_URL=http://${host} AWS_REGION=${deps.region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  aws ecr create-repository --repository-name hello/world
  aws ecr describe-repositories

docker, podman, skopeo:
  aws ecr get-login-password | docker login --username AWS --password-stdin ${host}
  docker push ${host}/hello/world:latest
`);
  };
