package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"
)

// Between two attempts to connect.
const (
	firstPause  = 100 * time.Millisecond
	pauseFactor = 1.5
	longPause   = 5 * time.Second
)

type dialer func(ctx context.Context, address string) (net.Conn, error)

// dial connects to the remote host, through the jump host if there is one. The connection ends with ctx; the caller
// closes what it gets.
func (c *Connection) dial(ctx context.Context) (client *ssh.Client, closeAll func(), err error) {
	var direct net.Dialer
	open := func(ctx context.Context, address string) (net.Conn, error) {
		return direct.DialContext(ctx, "tcp", address)
	}
	var proxy *ssh.Client
	if c.Proxy != nil {
		if proxy, err = c.Proxy.connect(ctx, "proxy ", open); err != nil {
			return nil, nil, err
		}
		open = func(ctx context.Context, address string) (net.Conn, error) {
			return proxy.DialContext(ctx, "tcp", address)
		}
	}
	client, err = c.connect(ctx, "", open)
	closeProxy := func() {
		if proxy != nil {
			_ = proxy.Close()
		}
	}
	if err != nil {
		closeProxy()
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = client.Close() })
	return client, func() {
		stop()
		_ = client.Close()
		closeProxy()
	}, nil
}

// connect tries until it is connected, or dialErrorLimit or ctx ends that. A wrong host key ends it at once.
func (e *Endpoint) connect(ctx context.Context, role string, open dialer) (*ssh.Client, error) {
	login, err := e.login()
	if err != nil {
		return nil, fmt.Errorf("%sconnection: %w", role, err)
	}
	defer login.close()
	address := e.address()
	limit := valueOr(e.DialErrorLimit, defaultDialErrorLimit)
	pause := firstPause
	for failed := 1; ; failed++ {
		client, err := e.attempt(ctx, address, login, open)
		if err == nil {
			return client, nil
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("%s%s: %w", role, address, ctx.Err())
		}
		var wrong *wrongHostKeyError
		if errors.As(err, &wrong) {
			return nil, fmt.Errorf("%s%s: %w", role, address, wrong)
		}
		if limit >= 0 && failed > limit {
			return nil, fmt.Errorf("%s%s: after %d failed attempts: %w", role, address, failed, err)
		}
		p.GetLogger(ctx).InfoStatusf("no connection to %s%s yet (attempt %d)", role, address, failed)
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%s%s: %w", role, address, ctx.Err())
		case <-time.After(pause):
		}
		pause = min(time.Duration(float64(pause)*pauseFactor), longPause)
	}
}

// attempt connects once; perDialTimeout bounds all of it, from the first packet to the login.
func (e *Endpoint) attempt(ctx context.Context, address string, login *login, open dialer) (*ssh.Client, error) {
	if seconds := valueOr(e.PerDialTimeout, defaultPerDialTimeout); seconds > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, time.Duration(seconds)*time.Second,
			fmt.Errorf("no answer within %d s", seconds))
		defer cancel()
	}
	conn, err := open(ctx, address)
	if err != nil {
		return nil, orCause(ctx, err)
	}
	// A connection through a jump host knows no deadlines: closing it ends a handshake that hangs.
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	connection, channels, requests, err := ssh.NewClientConn(conn, address, login.config)
	if err != nil {
		_ = conn.Close()
		return nil, orCause(ctx, err)
	}
	return ssh.NewClient(connection, channels, requests), nil
}

func orCause(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

func (e *Endpoint) address() string {
	return net.JoinHostPort(valueOr(e.Host, ""), strconv.Itoa(int(valueOr(e.Port, defaultPort))))
}

func valueOr[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}
