import { problemDetailsSchema } from './problem-details';

describe('problem details', () => {
  const problem = {
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    code: 'NOT_FOUND',
    detail: 'There is no such player.',
  };

  it('are accepted as they are, with and without the optional members', () => {
    expect(problemDetailsSchema.parse(problem)).toEqual(problem);
    const complete = { ...problem, requestId: 'r-1', details: { issues: [] } };
    expect(problemDetailsSchema.parse(complete)).toEqual(complete);
  });

  it.each([{ status: 200 }, { code: 'not found' }, { error: {} }])(
    'are refused with %j',
    (change) =>
      expect(problemDetailsSchema.safeParse({ ...problem, ...change }).success).toBe(false),
  );
});
