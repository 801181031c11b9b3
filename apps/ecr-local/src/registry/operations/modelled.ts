import { type ApiOperation, checkInput } from '../../ecr-api/check-input';

/** An operation whose request is what ECR's API model says, and is checked against it for every caller. */
export const modelled =
  <Request extends object, Answer>(
    name: ApiOperation,
    run: (request: Request) => Promise<Answer> | Answer,
  ) =>
  async (input: unknown): Promise<Answer> => {
    checkInput(name, input);
    return run(input as Request);
  };
