/** Whether a repository is not official although it has no owner, or has almost the name of a known one. */
export function isMistyped(repository: string, known: readonly string[]): boolean {
  if (!repository.includes("/")) {
    return !OFFICIAL_IMAGES.has(repository);
  }
  return known.some((name) => name.includes("/") && isOneEdit(name, repository));
}

/** Whether one character is missing, added, another one, or swapped with the next. */
export function isOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) {
    return false;
  }
  let at = 0;
  while (at < a.length && a[at] === b[at]) {
    at++;
  }
  const [restA, restB] = [a.slice(at), b.slice(at)];
  const swapped =
    restA[1] === restB[0] && restA[0] === restB[1] && restA.slice(2) === restB.slice(2);
  return (
    swapped ||
    restA.slice(1) === restB.slice(1) ||
    restA.slice(1) === restB ||
    restA === restB.slice(1)
  );
}

/** Docker Hub's official images, whose names have no owner. */
const OFFICIAL_IMAGES: ReadonlySet<string> = new Set(
  `adminer aerospike almalinux alpine amazoncorretto amazonlinux api-firewall arangodb archlinux
  backdrop bash bonita buildpack-deps busybox caddy cassandra chronograf cirros clearlinux clickhouse
  clojure composer convertigo couchbase couchdb crate dart debian docker drupal eclipse-mosquitto
  eclipse-temurin eggdrop elasticsearch elixir emqx erlang fedora flink fluentd friendica gazebo gcc
  geonetwork ghost golang gradle groovy haproxy haskell haxe hello-world hitch hivemq httpd hylang
  ibm-semeru-runtimes ibmjava influxdb irssi jetty joomla jruby julia kapacitor kibana kong krakend
  lightstreamer liquibase logstash mageia mariadb matomo maven mediawiki memcached mongo mongo-express
  monica mysql nats nats-streaming neo4j neurodebian nextcloud nginx node notary odoo open-liberty
  openjdk oraclelinux orientdb percona perl photon php phpmyadmin plone postfixadmin postgres pypy
  python r-base rabbitmq rakudo-star redis redmine registry rethinkdb rocket.chat rockylinux ros ruby
  rust sapmachine satosa silverpeas solr sonarqube spark spiped storm swift swipl teamspeak telegraf
  tomcat tomee traefik ubuntu unit varnish vault websphere-liberty wordpress xwiki yourls znc
  zookeeper`.split(/\s+/),
);
