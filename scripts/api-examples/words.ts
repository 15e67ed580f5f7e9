/** What the page says around the examples. */
export interface Words {
  head: string
  who: string
  query: string
  required: string
  optional: string
  comma: string
  file: string
  sentence(what: string): string
  answer(status: number): string
}

export const ENGLISH: Words = {
  head: `# API examples

[简体中文](zh-CN/api-examples.md)

One call of each endpoint of the [JSON API](api.md), with its answer. Set \`CRAT_TOKEN\` to an [API token](api.md#tokens), or to the token of a login. \`…\` stands for what is left out here; \`/api/v1/openapi.json\` of your CRAT describes every field.

This page is written by \`npm run docs:api\` from the OpenAPI document, the tables of the guide and answers that the tests recorded; where none is recorded, the example follows the schema.`,
  who: 'Who: ',
  query: 'Query: ',
  required: 'Fields that must be sent: ',
  optional: 'Fields that may be sent: ',
  comma: ', ',
  file: 'It answers the file.',
  sentence: what => `${what.replace(/^\[?[a-z]/, start => start.toUpperCase())}.`,
  answer: status => `Answer, ${status}:`,
}

export const CHINESE: Words = {
  head: `# API 示例

[English](../api-examples.md)

[JSON API](api.md) 的每个地址各有一次调用及其应答。请将 \`CRAT_TOKEN\` 设为 [API 令牌](api.md#令牌)，或登录得到的令牌。\`…\` 表示此处省略的内容；您的 CRAT 的 \`/api/v1/openapi.json\` 描述了每个字段。

本页由 \`npm run docs:api\` 根据 OpenAPI 文档、API 文档中的表格以及测试中记录的应答生成；没有记录的，示例按其结构生成。`,
  who: '谁可以调用：',
  query: '查询参数：',
  required: '必填字段：',
  optional: '可选字段：',
  comma: '、',
  file: '返回文件。',
  sentence: what => `${what}。`,
  answer: status => `应答，${status}：`,
}
