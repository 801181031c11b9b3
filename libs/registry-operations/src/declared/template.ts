import { z } from 'zod';

/** As much of a CloudFormation template as tells of repositories and budgets. */
export const templateSchema = z.looseObject({
  Resources: z
    .record(
      z.string(),
      z.looseObject({
        Type: z.string(),
        Properties: z.record(z.string(), z.unknown()).default({}),
        /** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html */
        DeletionPolicy: z.string().default('Delete'),
      }),
    )
    .default({}),
});

export type Template = z.infer<typeof templateSchema>;

export const repositoryType = 'AWS::ECR::Repository';
