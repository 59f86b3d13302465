import { RequestMethod, type Type, VERSION_NEUTRAL, VersioningType } from '@nestjs/common';
import {
  HOST_METADATA,
  METHOD_METADATA,
  MODULE_PATH,
  PATH_METADATA,
  VERSION_METADATA,
  type VersionValue,
} from '@nestjs/common/internal';
import { type ApplicationConfig, MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';

/** A route of an application, and what a request to it needs. */
export interface ServedRoute {
  /** `GET`, `POST` … */
  method: string;
  /** As it is declared, global prefix and version included: `/orders/:id`. */
  path: string;
  /** A path that the route takes: parameters are filled in. */
  url: string;
  /** Headers without which the request would reach another route: a version, a host. */
  headers: Record<string, string>;
  /** `OrdersController.list` */
  handler: string;
  /** The class and the method, which carry what decorators say. */
  controller: Type;
  handle: object;
}

type PathMetadata = Parameters<RoutePathFactory['create']>[0];

/** Every HTTP route of an application's controllers, on Fastify and Express alike. The application must be initialized. */
export function routesIn(modules: ModulesContainer, config: ApplicationConfig): ServedRoute[] {
  return [...modules.values()].flatMap(({ controllers, metatype }) => {
    const modulePath =
      read<string>(MODULE_PATH + modules.applicationId, metatype) ?? read<string>(MODULE_PATH, metatype);
    return [...controllers.values()].flatMap((wrapper) =>
      routesOfController(wrapper.metatype as Type, modulePath, config),
    );
  });
}

function routesOfController(
  controller: Type,
  modulePath: string | undefined,
  config: ApplicationConfig,
): ServedRoute[] {
  const paths = new RoutePathFactory(config);
  const prototype = controller.prototype as Record<string, object>;
  const versioningOptions = config.getVersioning();
  const ofController = read<VersionValue>(VERSION_METADATA, controller) ?? versioningOptions?.defaultVersion;
  const host = read<unknown>(HOST_METADATA, controller);
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name]!;
    const requestMethod = read<RequestMethod>(METHOD_METADATA, handler);
    if (requestMethod === undefined) return [];
    const version = read<VersionValue>(VERSION_METADATA, handler) ?? ofController;
    const headers = {
      ...versionHeaders(config, version),
      ...(typeof host === 'string' ? { host: host.replaceAll(/:\w+/g, 'x') } : {}),
    };
    const common: PathMetadata = { globalPrefix: config.getGlobalPrefix() };
    Object.assign(common, { modulePath, versioningOptions, controllerVersion: version });
    return pathsIn(controller)
      .flatMap((ctrlPath) => pathsIn(handler).map((methodPath) => ({ ...common, ctrlPath, methodPath })))
      .flatMap((metadata) => paths.create(metadata, requestMethod))
      .flatMap((path) =>
        methodsOf(requestMethod).map((method) => ({
          method,
          path,
          url: filledIn(path),
          headers,
          handler: `${controller.name}.${name}`,
          controller,
          handle: handler,
        })),
      );
  });
}

function read<T>(key: string, target: object): T | undefined {
  return Reflect.getMetadata(key, target) as T | undefined;
}

/** A decorator takes one path or several; slashes before them are optional. */
function pathsIn(target: object): string[] {
  const paths = read<string | string[]>(PATH_METADATA, target) ?? '/';
  return [paths].flat().map((path) => `/${path.replace(/^\//, '')}`);
}

/** `@All()` is asked in the two ways that differ: with and without a body. */
function methodsOf(method: RequestMethod): string[] {
  return method === RequestMethod.ALL ? ['GET', 'POST'] : [RequestMethod[method]];
}

function versionHeaders(config: ApplicationConfig, version: VersionValue | undefined): Record<string, string> {
  const options = config.getVersioning();
  const wanted = [version].flat().find((one) => typeof one === 'string' && one !== String(VERSION_NEUTRAL));
  if (!options || typeof wanted !== 'string') return {};
  if (options.type === VersioningType.HEADER) return { [options.header]: wanted };
  if (options.type === VersioningType.MEDIA_TYPE) return { accept: `application/json;${options.key}${wanted}` };
  return {};
}

function filledIn(path: string): string {
  return path
    .replaceAll(/\{([^}]*)\}/g, '$1')
    .replaceAll(/:\w+(\([^)]*\))?\??/g, '1')
    .replaceAll(/\*\w*/g, '1');
}
