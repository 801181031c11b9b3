import * as z from 'zod';
import { type SynthesizedStack } from './read-assembly';
import { resolveIntrinsics, unknownParameters } from './resolve-intrinsics';

/** A service that the run stack declares. */
export interface DeclaredService {
  readonly service: string;
  /** The repository of its image. */
  readonly repository: string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-taskdefinition.html */
const definitionSchema = z.looseObject({
  ContainerDefinitions: z.array(z.looseObject({ Name: z.string(), Image: z.string() })),
});

/** The services of a stack, by name. */
export function declaredServices({ template }: SynthesizedStack): readonly DeclaredService[] {
  return Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition')
    .map(({ Properties }) =>
      definitionSchema.parse(resolveIntrinsics(Properties, unknownParameters)),
    )
    .flatMap(({ ContainerDefinitions }) => ContainerDefinitions)
    .map(({ Name, Image }) => ({
      service: Name,
      // <registry>/<repository>@<digest>
      repository: Image.slice(Image.indexOf('/') + 1, Image.lastIndexOf('@')),
    }))
    .sort((one, other) => (one.service < other.service ? -1 : 1));
}
