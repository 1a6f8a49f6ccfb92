package main

import (
	"context"
	"fmt"
	"log"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	client "k8s.io/client-go/kubernetes/typed/core/v1"
)

const (
	retryAfter = time.Second
	listLimit  = 10 * time.Second
	watchLimit = int64(300) // seconds; then everything is listed again
)

// watchNodes calls follow with all nodes, at the start and after each change. While there is no API server, and for as
// long as that takes, nothing changes. An informer of client-go would look for it again only every 30 seconds.
func watchNodes(ctx context.Context, api client.NodeInterface, follow func(context.Context, []corev1.Node) error) error {
	told := ""
	for ctx.Err() == nil {
		err := listAndWatch(ctx, api, follow)
		if ctx.Err() != nil {
			break
		}
		if err == nil {
			told = ""
			continue
		}
		if err.Error() != told {
			told = err.Error()
			log.Printf("trying again until it succeeds: %v", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(retryAfter):
		}
	}
	return nil
}

func listAndWatch(ctx context.Context, api client.NodeInterface, follow func(context.Context, []corev1.Node) error) error {
	limited, cancel := context.WithTimeout(ctx, listLimit)
	list, err := api.List(limited, metav1.ListOptions{})
	cancel()
	if err != nil {
		return fmt.Errorf("nodes cannot be listed: %w", err)
	}
	if err := follow(ctx, list.Items); err != nil {
		return err
	}
	seconds := watchLimit
	watcher, err := api.Watch(ctx, metav1.ListOptions{ResourceVersion: list.ResourceVersion, TimeoutSeconds: &seconds})
	if err != nil {
		return fmt.Errorf("nodes cannot be watched: %w", err)
	}
	defer watcher.Stop()
	nodes := list.Items
	for event := range watcher.ResultChan() {
		if event.Type == watch.Error {
			return fmt.Errorf("nodes cannot be watched: %w", apierrors.FromObject(event.Object))
		}
		node, ok := event.Object.(*corev1.Node)
		if !ok {
			continue
		}
		nodes = slices.DeleteFunc(nodes, func(n corev1.Node) bool { return n.Name == node.Name })
		if event.Type != watch.Deleted {
			nodes = append(nodes, *node)
		}
		if err := follow(ctx, nodes); err != nil {
			return err
		}
	}
	return nil
}
