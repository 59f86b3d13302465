import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Branding } from './branding.js';
import { brandServer } from './server-brand.js';

/** Dresses the server that the application is served by. */
@Injectable()
export class BrandedServer implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly branding: Branding,
  ) {}

  onModuleInit(): void {
    // None in an application without HTTP, such as a program that only manages clients.
    const server = this.host.httpAdapter?.getInstance<object | undefined>();
    if (server) brandServer(server, this.branding);
  }
}
