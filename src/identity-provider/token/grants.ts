import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { registered } from '../../platform/registry.js';
import { type Grant, GrantType } from './grant.js';

/** The grants that are served, by `grant_type`: the one list that the endpoint, discovery and registration read. */
@Injectable()
export class Grants implements OnApplicationBootstrap {
  private grants = new Map<string, Grant>();

  constructor(private readonly discovery: DiscoveryService) {}

  onApplicationBootstrap(): void {
    this.grants = registered<Grant>(this.discovery, GrantType);
  }

  get names(): string[] {
    return [...this.grants.keys()];
  }

  find(name: string): Grant | undefined {
    return this.grants.get(name);
  }
}
