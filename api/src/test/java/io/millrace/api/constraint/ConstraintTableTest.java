package io.millrace.api.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

class ConstraintTableTest {
  private static final String SDK = "software.amazon.awssdk.services.";

  private static final Set<String> NEWER_THAN_THE_SDK = Set.of("StreamId");

  private final ConstraintTable table = ConstraintTable.load();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kinesisvideo.model.CreateStreamRequest",
        "kinesisvideo.model.DeleteStreamRequest",
        "kinesisvideo.model.DescribeStreamRequest",
        "kinesisvideo.model.GetDataEndpointRequest",
        "kinesisvideo.model.ListStreamsRequest",
        "kinesisvideo.model.ListTagsForStreamRequest",
        "kinesisvideo.model.StreamNameCondition",
        "kinesisvideo.model.TagStreamRequest",
        "kinesisvideo.model.UntagStreamRequest",
        "kinesisvideo.model.UpdateDataRetentionRequest",
        "kinesisvideo.model.UpdateStreamRequest",
        "kinesisvideoarchivedmedia.model.GetHlsStreamingSessionUrlRequest",
        "kinesisvideoarchivedmedia.model.GetImagesRequest",
        "kinesisvideoarchivedmedia.model.GetMediaForFragmentListRequest",
        "kinesisvideoarchivedmedia.model.ListFragmentsRequest",
        "kinesisvideoarchivedmedia.model.HLSFragmentSelector",
        "kinesisvideomedia.model.GetMediaRequest",
        "kinesisvideomedia.model.StartSelector",
        "cloudwatch.model.MetricDatum",
        "cloudwatch.model.PutMetricDataRequest",
        "dynamodb.model.CreateTableRequest",
        "dynamodb.model.KeySchemaElement",
        "dynamodb.model.PutItemRequest",
        "dynamodb.model.TransactWriteItemsRequest",
        "dynamodb.model.UpdateItemRequest",
        "kinesis.model.CreateStreamRequest",
        "kinesis.model.GetRecordsRequest",
        "kinesis.model.GetShardIteratorRequest",
        "kinesis.model.ListShardsRequest",
        "kinesis.model.PutRecordRequest",
        "kinesis.model.PutRecordsRequest",
        "kinesis.model.PutRecordsRequestEntry",
        "kinesis.model.SplitShardRequest",
        "kinesis.model.StartingPosition",
        "kinesis.model.SubscribeToShardRequest",
        "kinesis.model.UpdateShardCountRequest",
      })
  void constrainsMembersThatTheSdkTypesHave(String type) throws Exception {
    Class<?> shape = Class.forName(SDK + type);
    SdkPojo pojo = (SdkPojo) shape.getMethod("builder").invoke(null);
    TreeSet<String> members =
        pojo.sdkFields().stream()
            .map(SdkField::locationName)
            .collect(Collectors.toCollection(TreeSet::new));
    TreeSet<String> constrained =
        table.memberPaths(ConstraintTable.nameOf(shape)).stream()
            .map(path -> path.split("\\.")[0])
            .collect(Collectors.toCollection(TreeSet::new));
    constrained.removeAll(NEWER_THAN_THE_SDK);
    assertThat(constrained).isNotEmpty();
    assertThat(members).containsAll(constrained);
  }

  @Test
  void hasAtMostOneConstraintOfAKindPerMember() {
    for (String structure : table.structureNames()) {
      for (String path : table.memberPaths(structure)) {
        List<Class<?>> kinds =
            table.structure(structure).of(path).stream()
                .<Class<?>>map(Constraint::getClass)
                .toList();
        assertThat(kinds).as(structure + "." + path).doesNotHaveDuplicates();
      }
    }
  }
}
