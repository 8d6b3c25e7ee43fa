/** Every operation: where it stands, who may call it, which allowance it spends. HubSpot: appendix of operations. */
import * as AssociationRoutes from "./AssociationRoutes.ts"
import * as BatchRoutes from "./BatchRoutes.ts"
import * as LabelRoutes from "./LabelRoutes.ts"
import type { Limits, RateClass } from "./Limits.ts"
import * as ObjectRoutes from "./ObjectRoutes.ts"
import * as PortalRoutes from "./PortalRoutes.ts"
import * as PropertyRoutes from "./PropertyRoutes.ts"
import { type Handler, type Parsed, typeOf } from "./Request.ts"
import * as Scopes from "./Scopes.ts"
import * as Search from "./Search.ts"
import type { SearchIndex } from "./SearchIndex.ts"

export interface Operation {
  readonly method: string
  /** Below the root of the family: `objects/{objectType}/batch/read`. */
  readonly template: string
  readonly rate: RateClass
  readonly access: "read" | "write"
  /** One scope of each set is needed. */
  readonly scopes: (request: Parsed) => ReadonlyArray<Scopes.AnyOf>
  readonly handler: Handler
}

type Kind = "object" | "schema" | "pair" | "batchPair" | "owner" | "account"

const scopesFor =
  (kind: Kind, access: "read" | "write") =>
  (request: Parsed): ReadonlyArray<Scopes.AnyOf> => {
    const { fromObjectType, objectType, toObjectType } = request.params
    switch (kind) {
      case "object":
        return [Scopes.objects(typeOf(objectType), access)]
      case "schema":
        return [Scopes.schemas(typeOf(objectType), access)]
      case "pair":
        return [objectType, toObjectType].map((name) => Scopes.objects(typeOf(name), access))
      case "batchPair":
        return [fromObjectType, toObjectType].map((name) => Scopes.objects(typeOf(name), access))
      case "owner":
        return [Scopes.owners]
      case "account":
        return [Scopes.account]
    }
  }

type Row = readonly [method: string, template: string, kind: Kind, access: "read" | "write", handler: Handler]

const OBJECT = "objects/{objectType}"
const RECORD = `${OBJECT}/{objectId}`
const PAIR = `${RECORD}/associations/{toObjectType}`
const BATCH = "associations/{fromObjectType}/{toObjectType}"
const PROPERTY = "properties/{objectType}"
const PIPELINE = "pipelines/{objectType}"

const rows = (index: SearchIndex, limits: Limits): ReadonlyArray<Row> => [
  ["GET", OBJECT, "object", "read", ObjectRoutes.list],
  ["POST", OBJECT, "object", "write", ObjectRoutes.create],
  ["GET", RECORD, "object", "read", ObjectRoutes.get],
  ["PATCH", RECORD, "object", "write", ObjectRoutes.update],
  ["DELETE", RECORD, "object", "write", ObjectRoutes.archive],
  ["POST", `${OBJECT}/batch/read`, "object", "read", BatchRoutes.read],
  ["POST", `${OBJECT}/batch/create`, "object", "write", BatchRoutes.create],
  ["POST", `${OBJECT}/batch/update`, "object", "write", BatchRoutes.update],
  ["POST", `${OBJECT}/batch/upsert`, "object", "write", BatchRoutes.upsert],
  ["POST", `${OBJECT}/batch/archive`, "object", "write", BatchRoutes.archive],
  ["POST", `${OBJECT}/search`, "object", "read", Search.search(index)],
  ["POST", `${OBJECT}/merge`, "object", "write", ObjectRoutes.merge],
  ["POST", `${OBJECT}/gdpr-delete`, "object", "write", ObjectRoutes.gdprDelete],
  ["GET", PAIR, "pair", "read", AssociationRoutes.list],
  ["PUT", `${PAIR}/{toObjectId}`, "pair", "write", AssociationRoutes.setLabelled],
  ["DELETE", `${PAIR}/{toObjectId}`, "pair", "write", AssociationRoutes.remove],
  ["PUT", `${RECORD}/associations/default/{toObjectType}/{toObjectId}`, "pair", "write", AssociationRoutes.setDefault],
  ["POST", `${BATCH}/batch/read`, "batchPair", "read", AssociationRoutes.batchRead],
  ["POST", `${BATCH}/batch/create`, "batchPair", "write", AssociationRoutes.batchCreate],
  ["POST", `${BATCH}/batch/associate/default`, "batchPair", "write", AssociationRoutes.batchDefault],
  ["POST", `${BATCH}/batch/archive`, "batchPair", "write", AssociationRoutes.batchArchive],
  ["POST", `${BATCH}/batch/labels/archive`, "batchPair", "write", AssociationRoutes.batchLabelArchive],
  ["GET", `${BATCH}/labels`, "batchPair", "read", LabelRoutes.list],
  ["POST", `${BATCH}/labels`, "batchPair", "write", LabelRoutes.create],
  ["PUT", `${BATCH}/labels`, "batchPair", "write", LabelRoutes.update],
  ["DELETE", `${BATCH}/labels/{associationTypeId}`, "batchPair", "write", LabelRoutes.remove],
  ["GET", PROPERTY, "schema", "read", PropertyRoutes.list],
  ["POST", PROPERTY, "schema", "write", PropertyRoutes.create],
  ["GET", `${PROPERTY}/{propertyName}`, "schema", "read", PropertyRoutes.get],
  ["PATCH", `${PROPERTY}/{propertyName}`, "schema", "write", PropertyRoutes.update],
  ["DELETE", `${PROPERTY}/{propertyName}`, "schema", "write", PropertyRoutes.archive],
  ["POST", `${PROPERTY}/batch/create`, "schema", "write", PropertyRoutes.batchCreate],
  ["POST", `${PROPERTY}/batch/read`, "schema", "read", PropertyRoutes.batchRead],
  ["POST", `${PROPERTY}/batch/archive`, "schema", "write", PropertyRoutes.batchArchive],
  ["GET", `${PROPERTY}/groups`, "schema", "read", PropertyRoutes.listGroups],
  ["POST", `${PROPERTY}/groups`, "schema", "write", PropertyRoutes.createGroup],
  ["GET", PIPELINE, "schema", "read", PortalRoutes.pipelines],
  ["GET", `${PIPELINE}/{pipelineId}`, "schema", "read", PortalRoutes.pipeline],
  ["GET", `${PIPELINE}/{pipelineId}/stages`, "schema", "read", PortalRoutes.stages],
  ["GET", `${PIPELINE}/{pipelineId}/stages/{stageId}`, "schema", "read", PortalRoutes.stage],
  ["GET", "owners", "owner", "read", PortalRoutes.owners],
  ["GET", "owners/{ownerId}", "owner", "read", PortalRoutes.owner],
  ["GET", "account-info/details", "account", "read", PortalRoutes.account],
  ["GET", "account-info/api-usage/daily/private-apps", "account", "read", PortalRoutes.dailyUsage(limits)],
]

const rateOf = (template: string): RateClass =>
  template.endsWith("/search") ? "search" : template.startsWith("associations/") ? "associations" : "burst"

export const make = (index: SearchIndex, limits: Limits): ReadonlyArray<Operation> =>
  rows(index, limits).map(([method, template, kind, access, handler]) => ({
    method,
    template,
    rate: rateOf(template),
    access,
    scopes: scopesFor(kind, access),
    handler,
  }))
