import { type ServiceHost } from './service-host';

/** The digest of the image that a service runs; undefined if the service does not exist. */
export async function runningImage(
  host: ServiceHost,
  service: string,
): Promise<string | undefined> {
  const state = await host.state();
  if (!state) return undefined;
  const { content } = await host.definition(state.primary.definitionArn);
  const container = content.containerDefinitions.find(({ name }) => name === service);
  return container?.image?.split('@')[1];
}
