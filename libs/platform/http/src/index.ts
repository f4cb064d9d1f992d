export { HttpAnswer, sendBody, sendJson, sendNothing, sendRedirect, sendText, withHeaders } from './answer/answer.js';
export type { AnswerBody, AnswerHeaders, AnswerOptions } from './answer/answer.js';
export { contentSecurityPolicy, sendHtml, type PageOptions, type PagePolicy } from './answer/page.js';
export { etagOf, matchesEtag, readyAnswer, sendReady, type ReadyAnswer } from './answer/conditional.js';
export { answerPreflight, corsHeaders, withCors, type CorsPolicy } from './answer/cors.js';
export { defaultBodyLimit, formText, noBody, type HttpBody } from './request/body.js';
export { cookieName, parseCookies, removeCookie, serializeCookie, type CookieOptions } from './request/cookies.js';
export type { HttpRequest } from './request/request.js';
export { BodyLimit } from './server/body-limit.js';
