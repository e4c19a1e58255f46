package io.millrace.api.shape;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.api.constraint.ConstraintCheck;
import io.millrace.api.constraint.ConstraintTable;
import io.millrace.api.error.AwsException;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesisvideo.model.CreateStreamRequest;
import software.amazon.awssdk.services.kinesisvideo.model.ListStreamsRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetImagesRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ListFragmentsRequest;
import software.amazon.awssdk.utils.builder.SdkBuilder;

class PojoReaderFuzzTest {
  private static final PojoReader READER = new PojoReader(new ReadLimits(32, 1 << 20, 500_000));
  private static final FormReader FORMS = new FormReader(new ReadLimits(32, 1 << 20, 500_000));
  private static final ConstraintCheck CHECK = new ConstraintCheck(ConstraintTable.load());

  @FuzzTest(maxDuration = "30s")
  void bytesAreReadOrRefused(byte[] body) {
    BodyFormat json = BodyFormat.JSON;
    read(json, body, CreateStreamRequest.builder());
    read(json, body, ListStreamsRequest.builder());
    read(json, body, ListFragmentsRequest.builder());
    read(json, body, GetImagesRequest.builder());
    read(json, body, PutItemRequest.builder());
  }

  @FuzzTest(maxDuration = "30s")
  void cborIsReadOrRefused(byte[] body) {
    read(BodyFormat.CBOR, body, PutRecordsRequest.builder());
    read(BodyFormat.CBOR, body, GetShardIteratorRequest.builder());
    read(BodyFormat.RPC_CBOR, body, PutMetricDataRequest.builder());
    open(body);
  }

  @FuzzTest(maxDuration = "30s")
  void formsAreReadOrRefused(byte[] body) {
    PutMetricDataRequest.Builder builder = PutMetricDataRequest.builder();
    try {
      FORMS.read(body, builder);
      CHECK.check(builder.build());
    } catch (AwsException refused) {
      // The only failure a client may cause.
    }
  }

  /** What has no type of its own is written as it was read. */
  private static void open(byte[] body) {
    Map<String, Object> members;
    try {
      members = READER.read(BodyFormat.CBOR, body, OpenRequest.builder());
    } catch (AwsException refused) {
      return;
    }
    PojoWriter.json(OpenShape.of(members));
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    PojoWriter.write(BodyFormat.CBOR, OpenShape.of(members), again);
    READER.read(BodyFormat.CBOR, again.toByteArray(), OpenRequest.builder());
  }

  private static <B extends SdkPojo & SdkBuilder<B, ? extends SdkPojo>> void read(
      BodyFormat format, byte[] body, B builder) {
    try {
      READER.read(format, body, builder);
      SdkPojo request = builder.build();
      CHECK.check(request);
      PojoWriter.json(request);
    } catch (AwsException refused) {
      // The only failure a client may cause.
    }
  }
}
