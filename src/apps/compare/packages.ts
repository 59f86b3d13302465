/** What a comparison stands on beyond what an application that uses the guard has installed: the provider's packages, and a server's. */
export const COMPARE_PACKAGES = [
  'typeorm',
  'pg',
  '@node-rs/argon2',
  'passport-local',
  'rate-limiter-flexible',
  '@simplewebauthn/server',
  'otplib',
  'qrcode',
  '@zxcvbn-ts/core',
  '@zxcvbn-ts/language-common',
  'ioredis',
  '@nestjs/platform-fastify',
  'fastify',
] as const;
