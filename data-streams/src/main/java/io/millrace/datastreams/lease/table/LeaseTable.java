package io.millrace.datastreams.lease.table;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.shape.BodyFormat;
import io.millrace.api.shape.OpenShape;
import io.millrace.api.shape.PojoReader;
import io.millrace.api.shape.PojoWriter;
import io.millrace.api.shape.ReadLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * What is known of a table besides its items. Kept as the JSON of the description with what it has
 * no member for beside it.
 *
 * @param description without item counts
 * @param key primary key
 * @param indexes secondary indexes by name
 * @param ttlAttribute which attribute tells when an item expires, if any does
 * @param tags labels of its owner
 * @param recovery whether point-in-time recovery was asked for; kept, without effect
 */
public record LeaseTable(
    TableDescription description,
    KeySchema key,
    Map<String, IndexSchema> indexes,
    Optional<String> ttlAttribute,
    Map<String, String> tags,
    boolean recovery) {
  private static final String TTL = "TimeToLiveAttribute";
  private static final String TAGS = "Tags";
  private static final String RECOVERY = "PointInTimeRecovery";
  private static final PojoReader READER = new PojoReader(new ReadLimits(32, 1 << 20, 1 << 20));

  public LeaseTable {
    tags = Map.copyOf(tags);
  }

  /** A table without tags and expiry. */
  public static LeaseTable of(TableDescription description) {
    return of(description, Optional.empty(), Map.of(), false);
  }

  private static LeaseTable of(
      TableDescription description,
      Optional<String> ttlAttribute,
      Map<String, String> tags,
      boolean recovery) {
    List<AttributeDefinition> definitions = description.attributeDefinitions();
    KeySchema key = KeySchema.of(description.keySchema(), definitions);
    Map<String, IndexSchema> indexes = new LinkedHashMap<>();
    for (GlobalSecondaryIndexDescription index : description.globalSecondaryIndexes()) {
      indexes.put(
          index.indexName(),
          index(index.indexName(), index.keySchema(), index.projection(), key, definitions));
    }
    for (LocalSecondaryIndexDescription index : description.localSecondaryIndexes()) {
      indexes.put(
          index.indexName(),
          index(index.indexName(), index.keySchema(), index.projection(), key, definitions));
    }
    return new LeaseTable(description, key, indexes, ttlAttribute, tags, recovery);
  }

  private static IndexSchema index(
      String name,
      List<KeySchemaElement> elements,
      Projection projection,
      KeySchema tableKey,
      List<AttributeDefinition> definitions) {
    KeySchema key = KeySchema.of(elements, definitions);
    if (projection.projectionType() == ProjectionType.ALL) {
      return new IndexSchema(name, key, Optional.empty());
    }
    Set<String> projected = new LinkedHashSet<>(tableKey.names());
    projected.addAll(key.names());
    if (projection.projectionType() == ProjectionType.INCLUDE) {
      projected.addAll(projection.nonKeyAttributes());
    }
    return new IndexSchema(name, key, Optional.of(projected));
  }

  /** The table of its bytes. */
  static LeaseTable decode(byte[] bytes) {
    TableDescription.Builder builder = TableDescription.builder();
    Map<String, Object> beside = READER.read(BodyFormat.JSON, bytes, asPojo(builder));
    Map<String, String> tags = new TreeMap<>();
    if (beside.get(TAGS) instanceof Map<?, ?> stored) {
      stored.forEach((key, value) -> tags.put(key.toString(), value.toString()));
    }
    return of(
        builder.build(),
        Optional.ofNullable(beside.get(TTL)).map(Object::toString),
        tags,
        Boolean.TRUE.equals(beside.get(RECOVERY)));
  }

  private static software.amazon.awssdk.core.SdkPojo asPojo(TableDescription.Builder builder) {
    return builder;
  }

  /** Its bytes. */
  byte[] encode() {
    Map<String, Object> beside = new LinkedHashMap<>();
    ttlAttribute.ifPresent(attribute -> beside.put(TTL, attribute));
    beside.put(TAGS, new TreeMap<>(tags));
    beside.put(RECOVERY, recovery);
    return PojoWriter.json(new OpenShape(description, beside));
  }

  /** Name of the table. */
  public String name() {
    return description.tableName();
  }

  /** The same with another description. */
  public LeaseTable with(TableDescription changed) {
    return of(changed, ttlAttribute, tags, recovery);
  }

  /** The same with other tags. */
  public LeaseTable withTags(Map<String, String> changed) {
    return new LeaseTable(description, key, indexes, ttlAttribute, changed, recovery);
  }

  /** The same with another expiry. */
  public LeaseTable withTtl(Optional<String> attribute) {
    return new LeaseTable(description, key, indexes, attribute, tags, recovery);
  }

  /** The same with recovery asked for or not. */
  public LeaseTable withRecovery(boolean wanted) {
    return new LeaseTable(description, key, indexes, ttlAttribute, tags, wanted);
  }

  /**
   * An index.
   *
   * @throws AwsException VALIDATION if there is none of that name
   */
  public IndexSchema index(String name) {
    IndexSchema index = indexes.get(name);
    if (index == null) {
      throw AwsError.VALIDATION.because("The table does not have the specified index: " + name);
    }
    return index;
  }

  /** Names of all attributes that are part of a key of the table or an index. */
  public List<KeySchema> indexKeys() {
    List<KeySchema> keys = new ArrayList<>();
    indexes.values().forEach(index -> keys.add(index.key()));
    return keys;
  }
}
