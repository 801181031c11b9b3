import { baseReferences } from './base-references';

const dockerfile = `
ARG NODE=registry.example.com/node:26
FROM \${NODE} AS tools
RUN npm ci
FROM golang:1.26 AS Other
FROM tools AS build
FROM tools
RUN true
`;

describe('baseReferences', () => {
  it('every image that a stage starts from is named once, stages are not', () => {
    expect(baseReferences(dockerfile)).toEqual({
      final: 'registry.example.com/node:26',
      all: ['registry.example.com/node:26', 'golang:1.26'],
    });
  });

  it('arguments and the stage that is asked for decide', () => {
    const options = { args: { NODE: 'node:1' }, target: 'other' };
    expect(baseReferences(dockerfile, options)).toEqual({
      final: 'golang:1.26',
      all: ['node:1', 'golang:1.26'],
    });
  });

  it('scratch is no image', () => {
    expect(baseReferences('FROM scratch')).toEqual({ final: 'scratch', all: [] });
  });
});
