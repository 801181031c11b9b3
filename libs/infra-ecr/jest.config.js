// The CDK checks every template that a test synthesizes by its own rules, which takes seconds; infra's own test of
// the whole app does so once.
process.env.CDK_VALIDATION = 'false';

module.exports = { ...require('../../jest.preset.js'), displayName: 'infra-ecr' };
