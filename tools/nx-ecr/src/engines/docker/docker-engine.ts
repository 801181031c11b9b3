import { type BuiltImage } from '../../built-image';
import { PipelineError } from '../../pipeline-error';
import {
  type Availability,
  type BuildPlan,
  type ImageEngine,
  type Narrator,
} from '../image-engine';
import { findDocker, type Docker } from './docker';
import { buildWithDocker } from './docker-build';

type Variables = Readonly<Record<string, string | undefined>>;

/** Docker with BuildKit, through the command line client. */
export class DockerEngine implements ImageEngine {
  readonly name = 'docker';
  private found?: ReturnType<typeof findDocker>;

  constructor(private readonly variables: Variables) {}

  async detect(platforms: readonly string[]): Promise<Availability> {
    if (platforms.length > 1) {
      return {
        available: false,
        code: 'PLATFORMS_UNSUPPORTED',
        reason: `Docker's image store holds one platform of an image, and image.json asks for ${platforms.join(', ')}.`,
        remedy: 'Use --engine=oci, or name one platform.',
      };
    }
    return (await this.find()).availability;
  }

  async build(plan: BuildPlan, narrator: Narrator): Promise<BuiltImage> {
    return buildWithDocker(await this.docker(), plan, narrator);
  }

  private async docker(): Promise<Docker> {
    const { docker, availability } = await this.find();
    if (docker) return docker;
    if (availability.available) throw new Error('an available Docker was not found');
    throw new PipelineError(availability.code, `${availability.reason} ${availability.remedy}`);
  }

  private find() {
    this.found ??= findDocker(this.variables);
    return this.found;
  }
}
