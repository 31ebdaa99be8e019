"""What the broker says of its queues."""

from amqp import ConnectionError as AmqpConnectionLost
from celery import current_app
from kombu.exceptions import ChannelError, OperationalError
from redis import RedisError

# Asked by probes and by pages: an answer within two seconds or none.
_BRIEFLY = {
    "connect_retries_timeout": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
}
_NOT_ANSWERING = (OperationalError, OSError, RedisError, AmqpConnectionLost)


def messages_waiting(queue: str) -> int | None:
    """How many messages no worker has taken yet; None when the broker does not answer."""
    try:
        with current_app.connection_for_write(connect_timeout=1, transport_options=_BRIEFLY) as connection:
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)
    except ChannelError:
        return 0  # nobody has sent anything to this queue yet
    except _NOT_ANSWERING:
        return None
