import static org.codelibs.opensearch.runner.OpenSearchRunner.newConfigs;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One node of the test cluster, a process of its own, so that it can be killed alone.
 *
 * <p>java Node FOLDER CLUSTER NUMBER NODES HTTP TRANSPORT [tied]: node NUMBER (from 1) of NODES
 * listens on loopback at the ports HTTP + NUMBER and TRANSPORT + NUMBER. A tied node ends when its
 * standard input does, that is with whoever started it, however that ended.
 */
public final class Node {
  public static void main(String[] words) throws Exception {
    String folder = words[0];
    String cluster = words[1];
    int number = Integer.parseInt(words[2]);
    int nodes = Integer.parseInt(words[3]);
    int http = Integer.parseInt(words[4]);
    int transport = Integer.parseInt(words[5]);
    boolean tied = words.length > 6;

    List<Integer> numbers = IntStream.rangeClosed(1, nodes).boxed().toList();
    List<String> names = numbers.stream().map(of -> "n" + of).toList();
    List<String> seeds = numbers.stream().map(of -> "127.0.0.1:" + (transport + of)).toList();

    if (tied) {
      Thread.ofPlatform().daemon().start(Node::endWithInput);
    }
    OpenSearchRunner runner = new OpenSearchRunner();
    runner.onBuild(
        (index, settings) -> {
          // the runner would make one node a cluster of its own
          settings.put("discovery.type", "zen");
          settings.put("network.host", "127.0.0.1");
          settings.put("node.name", "n" + number);
          settings.put("transport.port", transport + number);
          settings.putList("discovery.seed_hosts", seeds);
          settings.putList("cluster.initial_cluster_manager_nodes", names);
          // in bytes: a share of a large disk says nothing about a test
          settings.put("cluster.routing.allocation.disk.watermark.low", "1gb");
          settings.put("cluster.routing.allocation.disk.watermark.high", "700mb");
          settings.put("cluster.routing.allocation.disk.watermark.flood_stage", "400mb");
          // a copy of a shard that was on its way when a node hung holds up others for half an hour
          settings.put("indices.recovery.internal_action_timeout", "15s");
          settings.put("indices.recovery.internal_action_long_timeout", "20s");
          settings.put("indices.recovery.recovery_activity_timeout", "20s");
        });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(runner)));
    // the runner counts its nodes from 1, and adds that to the port
    runner.build(
        newConfigs()
            .clusterName(cluster)
            .basePath(folder)
            .numOfNode(1)
            .baseHttpPort(http + number - 1));
    Thread.sleep(Long.MAX_VALUE);
  }

  private static void endWithInput() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException gone) {
      // whoever started this is gone
    }
    System.exit(0);
  }

  private static void close(OpenSearchRunner runner) {
    try {
      runner.close();
    } catch (IOException late) {
      System.err.println(late);
    }
  }
}
